"""What `make screenshots` needs: an installation to look at, its states, its pages."""
