"""The components behind `{% load ui %}`, by what they are. The gallery shows each in all its states."""
