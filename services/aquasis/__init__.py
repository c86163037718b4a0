"""The billing system (AquaCIS, SOAP), behind our own types."""
