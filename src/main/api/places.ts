import { addPlace, changePlace, checkPlace, cleanPlace, removePlace } from '../features/places/places.ts'
import type { Services } from '../features/services.ts'
import { os } from './base.ts'

export function placeRoutes(services: Services) {
  const { store, places } = services
  return os.places.router({
    list: os.places.list.handler(() => store.places.list()),
    add: os.places.add.handler(({ input }) => addPlace(services, input)),
    change: os.places.change.handler(({ input }) => changePlace(services, input)),
    check: os.places.check.handler(({ input }) => checkPlace(services, input.id)),
    contents: os.places.contents.handler(({ input }) => places.contents(input.id)),
    clean: os.places.clean.handler(({ input }) => cleanPlace(services, input)),
    remove: os.places.remove.handler(({ input }) => removePlace(services, input.id))
  })
}
