"""Payment references (cash and SPEI), their webhooks, and what has been paid."""
