// Package blob keeps the bytes of evidence: photos, recordings, scans, PDF
// files, each sealed in a file named by the SHA-256 of its clear bytes, under
// blobs/ab/abcd… in the data folder.
//
// A file is a header of 68 bytes (the word ANXB, a version byte, three zero
// bytes, and the file's own key sealed under the keys of the data folder and
// bound to the file's name) and then the content as a stream sealed in chunks
// (see seal.StreamWriter), so that a chunk changed, cut off, moved or put into
// another file does not open and any part can be read without the rest.
//
// Beside it, under thumbs/, stand small pictures of the evidence, sealed too,
// which may be thrown away at any time.
//
// It never changes a file of evidence, and deletes one only when told to by who
// knows that no record here speaks of it any more. Metadata about the bytes are
// records; this room knows hash and size only.
package blob
