"""`make review`: a page on this machine where what María did not understand is labelled into `data/nlu`."""
