"""The tax invoice (CFDI 4.0) of a payment: fiscal data with consent, income and payment documents, the PAC."""
