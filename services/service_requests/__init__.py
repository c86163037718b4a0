"""Faults that citizens report: kept here with place and photos, handed to the system that repairs, with its folio."""
