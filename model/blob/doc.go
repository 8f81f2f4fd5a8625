// Package blob keeps the bytes of evidence: photos, recordings, scans, PDF
// files, each sealed in a file named by the SHA-256 of its clear bytes, under
// blobs/ab/abcd… in the data folder.
//
// A file is a header of 68 bytes (the word ANXB, a version byte, three zero
// bytes, and the file's own key sealed under the keys of the data folder and
// bound to the file's name) and then the content in chunks of 64 KiB, each
// AES-256-GCM with the chunk's number and whether it is the last as nonce
// (Hoang, Reyhanitabar, Rogaway, Vizár 2015: STREAM). So a chunk changed, cut
// off, moved or put into another file does not open.
//
// It never changes a file and never deletes one. Metadata about the bytes are
// records; this room knows hash and size only.
package blob
