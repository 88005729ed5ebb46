"""One truth: whoever asks whatever, tile = list = table = Excel = JSON = report."""
