"""What María can do, independent of Rasa, of the channel and of HTTP frameworks. A feature is a folder."""
