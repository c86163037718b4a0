"""Conekta 2.3 behind `services.payments.gateway`. Nothing else knows its JSON."""
