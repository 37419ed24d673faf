package awswire

import "net/http"

const restContentType = "application/json"

// WriteJSON answers with v as JSON, as a REST-JSON service does. On an error nothing has been written: hand it to
// [RESTError].
func WriteJSON(w http.ResponseWriter, status int, v any) error {
	body, err := Encode(v)
	if err != nil {
		return err
	}
	writeBody(w, status, restContentType, body)
	return nil
}

// RESTError answers err as Lambda does: the code in the x-amzn-ErrorType header, and a body that says whose fault it
// was, {"Type":"User"|"Service","Message":...,"message":...}; SDKs differ in which spelling of message they read. A
// fault of the server is logged once, with the request id.
func RESTError(w http.ResponseWriter, r *http.Request, err error) {
	e := presentAndLog(r, err)
	body := struct {
		Type    string
		Message string `json:"Message,omitzero"`
		Lower   string `json:"message,omitzero"`
	}{"User", e.Message, e.Message}
	if e.Status >= http.StatusInternalServerError {
		body.Type = "Service"
	}
	w.Header().Set("X-Amzn-Errortype", e.Code)
	encoded, encodeErr := Encode(body)
	if encodeErr != nil { // three strings always encode
		encoded = nil
	}
	writeBody(w, e.Status, restContentType, encoded)
}
