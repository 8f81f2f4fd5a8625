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
