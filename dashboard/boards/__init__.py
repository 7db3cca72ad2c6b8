"""The pages with numbers on them: the wall and the supervisor's page, the chart that both draw, and the pages for errors."""
