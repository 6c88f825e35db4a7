"""Data, models and credentials are handled as law, licence and policy demand."""
