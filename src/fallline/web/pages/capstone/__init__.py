"""The capstone: ``/capstone``, where one's own table becomes a served model."""
