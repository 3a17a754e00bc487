"""The end of a submission: published or scheduled once fully signed, else closed with its signatures void."""
