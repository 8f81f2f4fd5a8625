// Package bundle is the one container the house hands to others and takes from
// them: the file of a case, a backup, a package of forms, what goes between
// laptop and hub on a stick. A bundle is a signed file of named members.
//
// A plain bundle is an ordinary zip that any program opens: the members as
// they are, uncompressed, then manifest.json (canonical JSON: kind, time,
// device, the signer's key, the kind's own data, and of every member name, size
// and SHA-256) and manifest.sig (the device's Ed25519 signature of it, in
// base64). The same input gives the same bytes. A sealed bundle is a plain one
// inside a stream that only its recipients open:
//
//	"ANXS", version (1 byte), zero, number of recipients (2 bytes, big endian)
//	the stream's secret, sealed to each recipient's X25519 key (80 bytes each)
//	the stream (see seal.StreamWriter); its key is derived from the secret and
//	all bytes above, so that no recipient can be added or taken away
//
// It refuses, each with its own error: a file that is no bundle, one that is
// cut off, one of a newer program, names that lead out of a folder or that a
// Windows computer cannot keep, two members of one name, members the manifest
// does not name or that are missing, compressed members (nothing here can grow
// when it is opened), a member whose bytes are not what was signed, a
// signature that does not fit, and a signer who is not known. What is in the
// members it does not know.
package bundle
