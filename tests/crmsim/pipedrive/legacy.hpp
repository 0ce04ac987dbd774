// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/pipedrive/account.hpp"

namespace nudged::crmsim::pipedrive {

// What still lives in API v1 alone. Lists that are empty have null for data there.

Reply users(const Account& account, Instant now);
Reply single_user(const Account& account, std::string_view id, Instant now);  // "me" too
Reply activity_types_answer();
Reply currencies(const Request& request);
/// Newest first, and only those of the token's own user.
Reply call_logs(const Account& account, const Request& request);
Reply single_call_log(const Account& account, std::string_view id);
/// What changed after a deal's creation, newest first.
Reply changelog(const Account& account, std::string_view deal, const Request& request);

}  // namespace nudged::crmsim::pipedrive
