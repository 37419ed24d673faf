// Package sts is the local cloud's AWS Security Token Service: who a caller is,
// and temporary credentials for a role. There are no policies here: everybody
// may assume every role of every account, as dev accepts any credential.
package sts
