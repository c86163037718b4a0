"""What the internet reaches besides the channels: the payment gateway's webhooks; later the pages."""
