"""Starting and stopping: the embedded Redis, the children of `manage.py up`, and what `manage.py doctor` looks at."""
