"""What is kept in Redis: the latest readings, frames, today's series. Only this room and polling/budget speak to Redis."""
