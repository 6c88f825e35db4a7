"""What is kept between runs: results of files and of whole runs, by the contents they are of."""
