-- The queue by waiting time. What lies in workbins has no owner either, and there may be much of it.
DROP INDEX interactions_queued;
CREATE INDEX interactions_waiting ON interactions (COALESCE(pending_since, created_at), id)
    WHERE phase = '{"phase":"queued"}';
