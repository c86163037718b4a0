"""Pictures that citizens send, read on this machine: the barcode of a bill."""
