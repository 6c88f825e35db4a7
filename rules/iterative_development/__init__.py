"""Work moves in small steps that anyone can run again, from notebook to pipeline."""
