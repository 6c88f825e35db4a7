"""A model reaches its users by a trigger, from known code and data, with a way back."""
