"""What the service is built from: its lock file, licences, known vulnerabilities, and a bill of materials."""
