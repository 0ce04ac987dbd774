// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace nudged::warehouse {

/// What a CRM logs by itself and is no touch of anybody's (sales practice §4). Drafts, and e-mails
/// that bounced or failed, never are.
struct Noise {
    /// So many e-mails of one person with one subject to different contacts within ten minutes are
    /// mass mail.
    int mass_mail = 10;
    /// Subjects that begin so are answers of machines; case does not matter.
    std::vector<std::string> automatic_subjects{"automatic reply",
                                                "auto reply",
                                                "autoreply",
                                                "auto-reply",
                                                "out of office",
                                                "out of the office",
                                                "undeliverable",
                                                "undelivered mail",
                                                "mail delivery failed",
                                                "delivery status notification",
                                                "returned mail",
                                                "automatische antwort",
                                                "abwesenheit",
                                                "réponse automatique",
                                                "respuesta automática",
                                                "risposta automatica"};
    /// Users whose records nobody made by hand, as "SOURCE/USER ID".
    std::vector<std::string> integration_users;
};

}  // namespace nudged::warehouse
