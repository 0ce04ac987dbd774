// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nudged::config {

/// What is done about the places of secrets. A command that opens no connection needs none, and may
/// run as somebody who cannot read them; `config check` runs outside the service, where a
/// credential of the service manager cannot be looked at. A secret that is not read stays empty.
enum class Secrets { required, checked, unread };

}  // namespace nudged::config
