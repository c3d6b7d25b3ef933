/** A reason: its message, how to recognise it, and which line of which file says so. */
import type { Decided, Reason } from "../api";
import { inLocale } from "../humanise";
import { usePart, useSaying, useTexts } from "../page";
import { packOf } from "../store";
import { LineLink } from "./LineLink";

export function ReasonText({ reason, decided }: { reason: Reason; decided: Decided }) {
  const t = useTexts();
  const say = useSaying();
  const pack = usePart(packOf);
  const policy = reason.policy === null ? undefined : decided.policies[reason.policy];
  const policyTitle = inLocale(policy, say.locale, pack?.defaultLocale ?? "en");
  return (
    <>
      <p class="reason">{reason.message}</p>
      {reason.description && <p class="description">{reason.description}</p>}
      {reason.kind === "indeterminate" && <p class="description">{t.indeterminate}</p>}
      <p class="source">
        {reason.at && <LineLink at={reason.at} />}
        <span class="rule">{reason.rule}</span>
        {policyTitle && <span class="policy-title muted">{policyTitle}</span>}
      </p>
    </>
  );
}
