"""Text in English and Chinese: cleaning, tokens, letters, Wikipedia."""
