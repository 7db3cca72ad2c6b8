"""The pages about incidents: what happened, the rules, who is told, and the pages that a mail's links lead to."""
