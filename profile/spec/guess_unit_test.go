package spec

import "testing"

func TestLooksLikeUnit(t *testing.T) {
	for _, name := range []string{
		"customer_id", "CUSTOMER_ID", "customerId", "customerID", "Customer ID", "CustomerNo", "user_id", "userid", "USERID", "user-id", "client",
		"client_no", "patient_id", "PatientNumber", "account_no", "account_id", "member_id", "person_id", "device_id", "DeviceUUID", "household_id",
		"billing_customer_id", "user_account_id", "username", "user_name", "uid", "msisdn", "user2_id", "employee.id", "subject_id", "customer_ref",
	} {
		if !LooksLikeUnit(name) {
			t.Errorf("%s tells whose a record is, and was not seen to", name)
		}
	}
	for _, name := range []string{
		"", "id", "ID", "order_id", "product_id", "session_id", "transaction_id", "event_id", "row_id", "uuid", "customer_order_id", "user_group_id",
		"account_manager_id", "customer_type", "customer_name", "client_ip", "user_agent", "user_count", "device_type", "user_ids[]", "phone_number",
		"card_number", "store_id", "valid", "paid", "account", "account_balance", "person", "device", "number", "code", "country_code", "名前", "123",
	} {
		if LooksLikeUnit(name) {
			t.Errorf("%s was taken for what tells whose a record is", name)
		}
	}
}
