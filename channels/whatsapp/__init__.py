"""WhatsApp Business Cloud API: facts in whatsapp.md of the reference shelf, sections named where used."""
