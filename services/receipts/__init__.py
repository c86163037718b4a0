"""What a citizen can keep of a payment: the till voucher, the payment receipt, the list as a file."""
