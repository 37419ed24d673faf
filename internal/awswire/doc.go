// Package awswire is the server side of the AWS protocols: it turns HTTP requests signed by any AWS client into
// authenticated calls of a service, and answers and errors into what that client expects to read.
//
// It knows framing (AWS JSON 1.1, and the pieces a REST-JSON service needs), Signature Version 4, request ids and the
// generic errors of api.md 1.5. It knows no operation: services bring theirs, and several share one address.
package awswire
