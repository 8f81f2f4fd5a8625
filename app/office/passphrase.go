package office

import "fmt"

// ChangePassphrase replaces the passphrase of the officer who opened the
// folder. The error wraps model.ErrPassphrase when old is not theirs.
func (o *Office) ChangePassphrase(old, fresh string) error {
	if len([]rune(fresh)) < leastPassphrase {
		return fmt.Errorf("新口令至少要有 %d 个字符，它是本机数据的唯一钥匙", leastPassphrase)
	}
	return o.Keys.ChangePassphrase(o.slot, old, fresh)
}
