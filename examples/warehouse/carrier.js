/** Asks a carrier what a parcel costs, in cents. Throws when it does not answer with a price. */
export async function quote(carrierUrl, { grams, country }) {
  const response = await fetch(new URL(`/quote?grams=${grams}&country=${country}`, carrierUrl));
  if (!response.ok) throw new Error(`The carrier answered ${response.status} ${response.statusText}.`);
  const { cents } = await response.json();
  return cents;
}
