package uitest

// Settings keeps settings in memory.
type Settings map[string]string

// Get returns the text kept under a key, "" for none.
func (s Settings) Get(key string) string { return s[key] }

// Set keeps a text under a key.
func (s Settings) Set(key, value string) { s[key] = value }
