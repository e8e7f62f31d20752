"""What follows a declaration in its year: the monitoring in July and the self-evaluation in January."""
