// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/adversary/crm.hpp"

namespace nudged::adversary {

// The rows of crms(), each in a file of its own.
Crm close();
Crm copper();
Crm dynamics365();
Crm freshsales();
Crm google_sheets();
Crm hubspot();
Crm pipedrive();
Crm salesforce();
Crm tally();
Crm zendesk_sell();
Crm zoho();

// What several of them do alike.
std::string same_id(ObjectType type, std::int64_t id);
std::string same_user(const crmsim::Owner& owner);
std::string same_stage(const std::string& stage);
/// A task that stands for a call, and is done.
bool is_done_call(const Shown& task);
bool is_no_done_call(const Shown& task);
/// Where a record hangs on one thing alone: the deal, the person, or else the company.
void keep_one_link(Fields& fields);
/// Instead of a token that never ends: an OAuth client's credentials and a refresh token.
void equip_with_refresh_token(sources::HttpSourceOptions& options);

}  // namespace nudged::adversary
