// Package wire is the language laptops and hub speak: the messages, how they
// are packed, how a request is signed, the enrolment code, and the small
// proofs both sides keep (signed key list, signed checkpoint).
//
// Bodies are JSON packed by zstd and unpacked under limits of size and memory;
// evidence travels as it is, in runs of hashed leaves. Every request but
// enrolment and the public pages carries a signature of the device key in the
// manner of RFC 9421 over method, target, digest of the body, device, epoch,
// a counter and the time. Members this program does not know are ignored, so
// that an older side understands a newer one; the protocol number changes only
// when that is not enough.
//
// It refuses bodies beyond their limits, targets that are no hash, and
// signatures in any other form than its own. It opens no connection and keeps
// nothing.
package wire
