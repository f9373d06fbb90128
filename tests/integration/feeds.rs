//! Waypoints: JSON APIs over real sockets, and folders of 834 files.
