// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/template.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace nudged::sources {

/// Fields that an account does not have or does not show: they are left out of {fields} from then
/// on, and null in the records. Kept per subject, since accounts have them for one object and not
/// for another. One per source, on the loop; forgotten with the process, as an admin may have
/// granted them meanwhile.
class DroppedFields {
public:
    /// What a question is about: its arguments from the manifest, such as the object's name. The
    /// page, the window and the limit do not matter.
    static std::string subject_of(const Variables& variables);

    /// False when it was dropped before.
    bool drop(const std::string& subject, const std::string& field);
    /// What the CRM's own list of its fields lacks, instead of what an earlier list lacked.
    void hide(const std::string& subject, std::set<std::string> fields);
    /// `fields` without those that were dropped or are hidden.
    std::vector<std::string> kept(const std::string& subject,
                                  const std::vector<std::string>& fields) const;
    bool empty() const { return dropped_.empty() && hidden_.empty(); }

private:
    std::map<std::string, std::set<std::string>> dropped_;
    std::map<std::string, std::set<std::string>> hidden_;
};

}  // namespace nudged::sources
