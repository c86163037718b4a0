"""Auto-pay: consent, saved cards, the notice before a bill's due date, the charge, and what comes of it."""
