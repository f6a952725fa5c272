"""Organisations and people from a file: each row is found by name and postcode, or by email (§8)."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts import actions
from accounts.models import Organisation, Sector, User
from competence.models import CompetenceGroup
from wscb_training.importing import Column, Rows, all_faults, one_of, required, yes_or_no

KINDS = {kind.label: kind.value for kind in Organisation.Kind}


class OrganisationRows(Rows):
    """Organisations; those added are confirmed by it."""

    name = Column("name", lambda at: at.name, "Riverside Primary School")
    postcode = Column("postcode", lambda at: at.postcode, "SW18 2PU")
    sector = Column("sector", lambda at: at.sector.name, "Maintained school")
    kind = Column("kind", lambda at: at.get_kind_display(), "Maintained school")
    urn = Column("urn", lambda at: at.urn, "100999")
    phase = Column("phase", lambda at: at.phase, "primary")
    requires_approval = Column("requires_approval", lambda at: at.requires_approval, "no")
    is_active = Column("is_active", lambda at: at.is_active, "yes")

    class Meta(Rows.Meta):
        model = Organisation
        import_id_fields = ["name", "postcode"]
        fields = ["name", "postcode", "sector", "kind", "urn", "phase", "requires_approval", "is_active"]

    def find(self, row):
        same = Organisation.objects.select_related("sector").filter(name__iexact=row.get("name", ""))
        return same.filter(postcode__iexact=row.get("postcode", "")).first()

    def write(self, found, row, *, by, now):
        required(row, "name", "sector")
        if len(row["name"]) > 200:
            raise ValidationError({"name": "The name is longer than 200 letters."})
        sectors = {sector.name: sector for sector in Sector.objects.all()}
        with all_faults() as read:
            sector = read(one_of, row, "sector", sectors)
            kind = read(one_of, row, "kind", KINDS, default=found.kind if found else Organisation.Kind.OTHER)
            approval = read(yes_or_no, row, "requires_approval", default=bool(found and found.requires_approval))
            is_active = read(yes_or_no, row, "is_active", default=found.is_active if found else True)
        return actions.record_organisation(
            organisation=found, by=by, now=now,
            name=row["name"], postcode=row.get("postcode", "").upper()[:10], sector=sector, kind=kind,
            urn=row.get("urn", found.urn if found else "")[:10],
            phase=row.get("phase", found.phase if found else "")[:50],
            requires_approval=approval, is_active=is_active,
        )  # fmt: skip


class PersonRows(Rows):
    """People with an email of their own; they set a password when they first sign in. Nobody is emailed."""

    email = Column("email", lambda person: person.email, "amina@riverside.example")
    full_name = Column("full_name", lambda person: person.full_name, "Amina Żuk")
    job_role = Column("job_role", lambda person: person.job_role, "Teacher")
    organisation = Column("organisation", lambda person: person.organisation and person.organisation.name,
                          "Riverside Primary School")  # fmt: skip
    postcode = Column("postcode", lambda person: person.organisation and person.organisation.postcode, "SW18 2PU")
    group = Column("group", lambda person: person.group_id and person.group.number, "3")
    manager_email = Column("manager_email", lambda person: person.manager_email, "head@riverside.example")

    class Meta(Rows.Meta):
        model = User
        import_id_fields = ["email"]
        fields = ["email", "full_name", "job_role", "organisation", "postcode", "group", "manager_email"]

    def find(self, row):
        people = User.objects.select_related("organisation", "group")
        return people.filter(email__iexact=row["email"]).first() if row.get("email") else None

    def write(self, found, row, *, by, now):
        required(row, "email", "full_name", "job_role", "organisation", "group")
        if found and (found.is_staff or found.is_superuser or not found.is_active):
            raise ValidationError({"email": "This account is changed in the administration alone."})
        groups = {str(group.number): group for group in CompetenceGroup.objects.all()}
        with all_faults() as read:
            for column in ("email", "manager_email"):
                if row.get(column):
                    read(self._check_email, row, column)
            organisation, group = read(self._organisation, row), read(one_of, row, "group", groups)
        return actions.record_person(
            person=found, by=by, now=now,
            email=row["email"], full_name=row["full_name"][:200], job_role=row["job_role"][:100],
            organisation=organisation, group=group,
            manager_email=row.get("manager_email", found.manager_email if found else ""),
        )  # fmt: skip

    def _check_email(self, row, column):
        try:
            validate_email(row[column])
        except ValidationError:
            raise ValidationError({column: f"“{row[column][:60]}” is not an email address."}) from None

    def _organisation(self, row) -> Organisation:
        found = Organisation.objects.filter(is_active=True, name__iexact=row["organisation"])
        if row.get("postcode"):
            found = found.filter(postcode__iexact=row["postcode"])
        at = list(found[:2])
        if len(at) == 1:
            return at[0]
        fault = "is not in the list" if not at else "is there more than once: give the postcode too"
        raise ValidationError({"organisation": f"“{row['organisation'][:60]}” {fault}."})
