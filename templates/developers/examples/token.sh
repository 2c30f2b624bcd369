export TOKEN="ww_dev_your_token_here"
