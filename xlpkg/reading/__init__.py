"""From a file to a declaration: our form and our submission, and, in foreign/, every other form."""
