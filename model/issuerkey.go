package model

// KindIssuerKey is a further key of a device that papers may be signed with.
const KindIssuerKey Kind = "issuerkey"

// IssuerKey makes a device's SM2 key known to the office's other laptops and
// the hub. It counts only when that very device signed its first revision; a
// later revision can revoke it and nothing else.
type IssuerKey struct{ PublicKey }

func (*IssuerKey) Kind() Kind { return KindIssuerKey }

// Summary implements Record.
func (k *IssuerKey) Summary() Summary { return Summary{State: k.Alg, Number: k.ID, Date: k.From} }

// checkKey says whether a key's record may become another: the key may be
// revoked, and of two dates the earlier one stands.
func checkKey(previous, next []byte) error {
	old, err := As[IssuerKey](previous)
	if err != nil {
		return err
	}
	now, err := As[IssuerKey](next)
	if err != nil {
		return err
	}
	if !old.Revoked.IsZero() && (now.Revoked.IsZero() || now.Revoked.After(old.Revoked)) {
		return frozen("停用的签发密钥不能恢复，也不能推迟停用的时间")
	}
	return sameBut(previous, next, "revoked")
}

// CheckAuthor says whether a device may write the successor of a record: a key
// is revoked by the device it belongs to, or by the bureau, which shuts out the
// whole device; nobody else may take it from its owner. Records of other kinds
// belong to the office. The error is ErrFrozen wrapped with what was touched.
func CheckAuthor(kind Kind, previous []byte, device ID) error {
	if kind != KindIssuerKey || len(previous) == 0 {
		return nil
	}
	key, err := As[IssuerKey](previous)
	if err != nil {
		return err
	}
	if key.Device != device {
		return frozen("签发密钥只能由它所属的笔记本停用；要停用别的笔记本，请联系局里的管理员")
	}
	return nil
}
