"""The pages with numbers on them: the wall and the supervisor's page, and the pages for errors."""
